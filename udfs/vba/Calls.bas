Attribute VB_Name = "Calls"
' A call from a cell: what is sent to Python, and what comes back, with real error values.
Option Explicit
Option Private Module

Private Const FACES As String = "sales_udfs" ' the Python module with a function for each of ours
Private Const REFUSED As Long = 513 ' from here on VBA leaves the numbers to us
Private Const ERROR_VALUE As Long = 2015 ' #VALUE!
Private Const LONGEST_TEXT As Long = 32767 ' characters that a cell holds

' What a function shows: its value, rows of values, or an error value.
Public Function Answer(ByVal functionName As String, ByRef given As Variant) As Variant
    On Error GoTo Failed
    Answer = Received(Asked(functionName, given))
    Exit Function
Failed:
    Answer = ErrorIn(Err.Description)
End Function

' The arguments of a function that takes any number of them: the first ones, and the others.
' ByVal, because VBA lets go of a ParamArray no other way.
Public Function Joined(ByRef first As Variant, ByVal others As Variant) As Variant
    Dim all() As Variant
    Dim i As Long
    Dim place As Long
    place = UBound(first) - LBound(first) + 1
    ReDim all(0 To place + UBound(others) - LBound(others))
    For i = LBound(first) To UBound(first)
        TakeOver all(i - LBound(first)), first(i)
    Next i
    For i = LBound(others) To UBound(others)
        TakeOver all(place + i - LBound(others)), others(i)
    Next i
    Joined = all
End Function

Private Sub TakeOver(ByRef target As Variant, ByRef source As Variant)
    If IsObject(source) Then
        Set target = source
    Else
        target = source
    End If
End Sub

' Ask Python; where it has stopped since the last call, start it again and ask once more.
Private Function Asked(ByVal functionName As String, ByRef given As Variant) As Variant
    Dim python As Object
    Dim failure As Long
    Dim reason As String
    Dim again As Boolean
    On Error GoTo Failed
AskAgain:
    Set python = Connection.Opened() ' before a cell is read: without Python nothing else is done
    ' What functions return goes as a value; of a variable, Python would get the place, and could write into it.
    Asked = python.CallUDF(FACES, CStr(functionName), Sent(given))
    Exit Function
Failed:
    failure = Err.Number ' kept: calling another procedure may clear them
    reason = Err.Description
    Set python = Nothing
    If Connection.IsLost(failure) Then
        Connection.Release
        If Not again Then
            again = True
            Resume AskAgain
        End If
        Connection.GiveUp
    End If
    Err.Raise failure, , reason
End Function

' The arguments with the values of their ranges. An argument left out stays what it is, "missing", and an
' error value too: Python knows both.
Private Function Sent(ByRef given As Variant) As Variant
    Dim all() As Variant
    Dim bottom As Long
    Dim i As Long
    ReDim all(LBound(given) To UBound(given))
    bottom = LastRow(given)
    For i = LBound(given) To UBound(given)
        If IsObject(given(i)) Then
            all(i) = CellsOf(given(i), bottom)
        Else
            all(i) = given(i)
        End If
    Next i
    Sent = all
End Function

' Value2, because Value cuts cells formatted as currency to four decimals.
Private Function CellsOf(ByVal area As Object, ByVal bottom As Long) As Variant
    If area.Areas.Count > 1 Then
        Err.Raise REFUSED, , "#VALUE! a range of several areas"
    End If
    If IsWholeColumn(area) Then
        CellsOf = area.Resize(bottom).Value2
    Else
        CellsOf = area.Value2
    End If
End Function

' Whole columns such as A:A end where the sheets have nothing more: all of them in the same row, so that
' they still fit one another.
Private Function LastRow(ByRef given As Variant) As Long
    Dim used As Object
    Dim i As Long
    LastRow = 1
    For i = LBound(given) To UBound(given)
        If IsObject(given(i)) Then
            If IsWholeColumn(given(i)) Then
                Set used = given(i).Worksheet.UsedRange
                If used.Row + used.Rows.Count - 1 > LastRow Then
                    LastRow = used.Row + used.Rows.Count - 1
                End If
            End If
        End If
    Next i
End Function

Private Function IsWholeColumn(ByVal area As Object) As Boolean
    IsWholeColumn = (area.Rows.Count = area.Worksheet.Rows.Count)
End Function

' The result as a cell takes it. One row comes back as a plain list: it becomes a row again.
Private Function Received(ByVal result As Variant) As Variant
    Dim cells() As Variant
    Dim i As Long
    Dim j As Long
    If Not IsArray(result) Then
        Received = CellValue(result)
        Exit Function
    End If
    If HasColumns(result) Then
        ReDim cells(LBound(result, 1) To UBound(result, 1), LBound(result, 2) To UBound(result, 2))
        For i = LBound(result, 1) To UBound(result, 1)
            For j = LBound(result, 2) To UBound(result, 2)
                cells(i, j) = CellValue(result(i, j))
            Next j
        Next i
    Else
        ReDim cells(0 To 0, LBound(result) To UBound(result))
        For j = LBound(result) To UBound(result)
            cells(0, j) = CellValue(result(j))
        Next j
    End If
    Received = cells
End Function

' Whether an array has a second dimension; asking for the bounds of one that is not there is an error.
Private Function HasColumns(ByRef result As Variant) As Boolean
    On Error GoTo OneDimension
    HasColumns = (UBound(result, 2) >= LBound(result, 2))
OneDimension:
End Function

Private Function CellValue(ByVal value As Variant) As Variant
    Dim code As Long
    If IsNull(value) Then
        CellValue = ""
    ElseIf VarType(value) <> vbString Then
        CellValue = value
    Else
        code = ErrorNumber(value)
        If Len(value) > LONGEST_TEXT Then code = ERROR_VALUE
        If code = 0 Then
            CellValue = value
        Else
            CellValue = CVErr(code)
        End If
    End If
End Function

' The error value that a failed call means: "SalesFunctionError: #NUM! gross_margin is 20" is #NUM!, and
' anything unforeseen is #VALUE!.
Private Function ErrorIn(ByVal reason As String) As Variant
    Dim words() As String
    Dim word As String
    Dim code As Long
    words = Split(Replace(Replace(reason, vbCr, " "), vbLf, " ") & "  ", " ")
    word = words(0)
    If Right$(word, 1) = ":" Then word = words(1)
    code = ErrorNumber(word)
    If code = 0 Then code = ERROR_VALUE
    ErrorIn = CVErr(code)
End Function

' Excel's number of an error value (XlCVError); 0 for any other text.
Private Function ErrorNumber(ByVal word As String) As Long
    If Left$(word, 1) <> "#" Then Exit Function
    Select Case word
        Case "#NULL!": ErrorNumber = 2000
        Case "#DIV/0!": ErrorNumber = 2007
        Case "#VALUE!": ErrorNumber = 2015
        Case "#REF!": ErrorNumber = 2023
        Case "#NAME?": ErrorNumber = 2029
        Case "#NUM!": ErrorNumber = 2036
        Case "#N/A": ErrorNumber = 2042
        Case "#GETTING_DATA": ErrorNumber = 2043
        Case "#SPILL!": ErrorNumber = 2045
        Case "#CONNECT!": ErrorNumber = 2046
        Case "#BLOCKED!": ErrorNumber = 2047
        Case "#UNKNOWN!": ErrorNumber = 2048
        Case "#FIELD!": ErrorNumber = 2049
        Case "#CALC!": ErrorNumber = 2050
        Case "#BUSY!": ErrorNumber = 2051
        Case "#PYTHON!": ErrorNumber = 2222
    End Select
End Function
